using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LienThong.Client;

/// <summary>Reads events page by page and keeps the place in a file.</summary>
public sealed class PullEvents : IDisposable
{
    private readonly string hub;
    private readonly string basic;
    // Longer than the hub waits for news.
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private string token = "";
    private DateTimeOffset tokenEndsAt = DateTimeOffset.MinValue;

    public PullEvents(string hub, string clientId, string clientSecret)
    {
        this.hub = hub;
        var pair = $"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(clientSecret)}";
        basic = Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
    }

    public void Dispose() => http.Dispose();

    /// <summary>Follows for ever; with <c>once</c> until there is nothing more.</summary>
    public async Task Follow(EventStore store, string cursorFile, bool once)
    {
        // Without a place: from the beginning of the log.
        var place = File.Exists(cursorFile) ? File.ReadAllText(cursorFile).Trim() : "";
        var failures = 0;
        while (true)
        {
            try
            {
                using var page = await ReadPage(place, once ? 0 : 25);
                var items = page.RootElement.GetProperty("items").EnumerateArray().ToList();
                foreach (var one in store.Take(items))
                {
                    Console.WriteLine($"took {EventStore.Describe(one)}");
                }
                var next = page.RootElement.GetProperty("next").GetString()!;
                // After the work, never before it: what was not kept comes again, and the store knows it.
                if (next != place)
                {
                    KeepPlace(cursorFile, next);
                }
                place = next;
                failures = 0;
                if (once && items.Count == 0 && !page.RootElement.TryGetProperty("more", out _))
                {
                    return;
                }
            }
            // HttpClient tells a timeout as a cancelled task.
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                var refused = error as Refused;
                // A token that ended early is worth one more try; wrong credentials are not.
                if (refused?.Status == HttpStatusCode.Unauthorized && failures == 0)
                {
                    tokenEndsAt = DateTimeOffset.MinValue;
                }
                else if (refused is not null && (int)refused.Status < 500
                    && refused.Status != HttpStatusCode.TooManyRequests)
                {
                    // What is wrong with our request is not mended by waiting.
                    throw;
                }
                failures += 1;
                if (once && failures > 5)
                {
                    throw;
                }
                var wait = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, failures)));
                if (refused?.RetryAfter is { } asked && asked > wait)
                {
                    wait = asked;
                }
                Console.Error.WriteLine($"{error.Message}; again in {wait.TotalSeconds} s");
                await Task.Delay(wait);
            }
        }
    }

    /// <summary>Whole or not at all, whatever happens in between.</summary>
    private static void KeepPlace(string file, string cursor)
    {
        File.WriteAllText(file + ".new", cursor);
        File.Move(file + ".new", file, overwrite: true);
    }

    private async Task<JsonDocument> ReadPage(string after, int wait)
    {
        var query = $"limit=500&wait={wait}" + (after == "" ? "" : $"&after={Uri.EscapeDataString(after)}");
        var request = new HttpRequestMessage(HttpMethod.Get, $"{hub}/api/v1/events?{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await CurrentToken());
        return await Ask(request);
    }

    private async Task<string> CurrentToken()
    {
        if (DateTimeOffset.UtcNow < tokenEndsAt)
        {
            return token;
        }
        var request = new HttpRequestMessage(HttpMethod.Post, $"{hub}/sso/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["scope"] = "events.read",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        using var answer = await Ask(request);
        token = answer.RootElement.GetProperty("access_token").GetString()!;
        tokenEndsAt = DateTimeOffset.UtcNow.AddSeconds(answer.RootElement.GetProperty("expires_in").GetInt32() - 60);
        return token;
    }

    private async Task<JsonDocument> Ask(HttpRequestMessage request)
    {
        using (request)
        using (var response = await http.SendAsync(request))
        {
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new Refused(response.StatusCode, text, response.Headers.RetryAfter?.Delta);
            }
            return JsonDocument.Parse(text);
        }
    }

    /// <summary>An answer that is no page.</summary>
    private sealed class Refused : HttpRequestException
    {
        public Refused(HttpStatusCode status, string text, TimeSpan? retryAfter)
            : base($"the hub answered {(int)status}: {text}")
        {
            Status = status;
            RetryAfter = retryAfter;
        }

        public HttpStatusCode Status { get; }

        public TimeSpan? RetryAfter { get; }
    }
}
