using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LienThong.Client;

/// <summary>Takes webhooks (Standard Webhooks, <c>v1</c>).</summary>
public sealed class ReceiveWebhooks
{
    private const int MaxBytes = 1_000_000;
    private const int ToleranceSeconds = 300;

    private readonly byte[] secret;
    private readonly EventStore store;

    public ReceiveWebhooks(string secret, EventStore store)
    {
        this.secret = Convert.FromBase64String(secret.Replace("whsec_", ""));
        this.store = store;
        if (this.secret.Length < 24)
        {
            throw new ArgumentException("WEBHOOK_SECRET must be the whsec_… of the subscription");
        }
    }

    /// <summary>Serves until the process ends. <c>prefix</c>: http://localhost:9000/, http://+:9000/</summary>
    public async Task Run(string prefix)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add(prefix);
        listener.Start();
        Console.WriteLine($"listening on {prefix}");
        while (true)
        {
            var context = await listener.GetContextAsync();
            // Others need not wait for this one.
            _ = Task.Run(() => Handle(context));
        }
    }

    private async Task Handle(HttpListenerContext context)
    {
        try
        {
            context.Response.StatusCode = await Answer(context.Request);
        }
        catch (Exception error)
        {
            // A 5xx: the hub tries again later.
            Console.WriteLine($"failed: {error.Message}");
            context.Response.StatusCode = 500;
        }
        try
        {
            context.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The hub has hung up and tries again.
        }
    }

    private async Task<int> Answer(HttpListenerRequest request)
    {
        if (request.HttpMethod != "POST")
        {
            return 405;
        }
        var body = await ReadBody(request.InputStream);
        if (body is null)
        {
            return 413;
        }
        var headers = request.Headers;
        if (!IsSigned(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body))
        {
            return 401;
        }
        using var document = JsonDocument.Parse(body);
        var isNew = store.Take(new[] { document.RootElement }).Count > 0;
        Console.WriteLine($"{(isNew ? "took" : "had")} {EventStore.Describe(document.RootElement)}");
        // Only now: the hub sends no event again after a 2xx.
        return 204;
    }

    /// <summary>The bytes that were signed; null when there are too many.</summary>
    private static async Task<byte[]?> ReadBody(Stream stream)
    {
        using var read = new MemoryStream();
        var chunk = new byte[16_384];
        int count;
        while ((count = await stream.ReadAsync(chunk)) > 0)
        {
            if (read.Length + count > MaxBytes)
            {
                return null;
            }
            read.Write(chunk, 0, count);
        }
        return read.ToArray();
    }

    /// <summary>Whether the hub has signed this body, and not long ago.</summary>
    private bool IsSigned(string? id, string? timestamp, string? signatures, byte[] body)
    {
        if (string.IsNullOrEmpty(id) || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }
        // Who has recorded an old request cannot send it again.
        var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds;
        if (age is > ToleranceSeconds or < -ToleranceSeconds)
        {
            return false;
        }
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray();
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed)));
        // While the secret is being changed there are two signatures: one that fits is enough.
        return signatures.Split(' ').Any(
            signature => CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)));
    }
}
