using System.Text;
using System.Text.Json;

namespace LienThong.Client;

/// <summary>
/// What this program does with events: it writes each one down, once. The file is the work and also the memory of what
/// is done. In your app put both into one transaction of your database: insert the id into a table where it is the
/// primary key; if it is there already do nothing, otherwise make your change; commit. One process at a time may use a
/// file.
/// </summary>
public sealed class EventStore : IDisposable
{
    private readonly FileStream file;
    private readonly HashSet<string> known = new();
    private readonly object turn = new();

    public EventStore(string path)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : Array.Empty<byte>();
        // A line that a crash cut short was never confirmed to the hub: it comes again.
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            known.Add(IdOf(document.RootElement));
        }
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(end);
        file.Seek(end, SeekOrigin.Begin);
    }

    /// <summary>Gives those that were not here before. When this returns they are on the disk.</summary>
    public IReadOnlyList<JsonElement> Take(IEnumerable<JsonElement> events)
    {
        lock (turn)
        {
            var fresh = events.DistinctBy(IdOf).Where(one => !known.Contains(IdOf(one))).ToList();
            // Serialize writes no line breaks, whatever the text had.
            var lines = string.Concat(fresh.Select(one => JsonSerializer.Serialize(one) + "\n"));
            file.Write(Encoding.UTF8.GetBytes(lines));
            file.Flush(flushToDisk: true);
            foreach (var one in fresh)
            {
                known.Add(IdOf(one));
            }
            return fresh;
        }
    }

    public static string Describe(JsonElement one) =>
        $"{one.GetProperty("type").GetString()} {one.GetProperty("subject").GetString()} {IdOf(one)}";

    public void Dispose() => file.Dispose();

    private static string IdOf(JsonElement one) =>
        one.GetProperty("id").GetString() ?? throw new FormatException("an event without an id");
}
