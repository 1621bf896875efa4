namespace LienThong.Client;

// Takes or reads the events of Liên Thông. Needs .NET 8 and nothing else:
//   WEBHOOK_SECRET=whsec_… PREFIX=http://localhost:9000/ dotnet run -- receive
//   HUB=http://localhost:8080 CLIENT_ID=… CLIENT_SECRET=… dotnet run -- pull          follows for ever
//   … dotnet run -- pull --once                                                       reads what is there and ends

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var store = new EventStore(Setting("EVENTS_FILE", "events.ndjson"));
        switch (args.FirstOrDefault())
        {
            case "receive":
                await new ReceiveWebhooks(Setting("WEBHOOK_SECRET", ""), store)
                    .Run(Setting("PREFIX", "http://localhost:9000/"));
                return 0;
            case "pull":
                using (var puller = new PullEvents(
                    Setting("HUB", "http://localhost:8080"), Setting("CLIENT_ID", ""), Setting("CLIENT_SECRET", "")))
                {
                    await puller.Follow(store, Setting("CURSOR_FILE", "cursor.txt"), args.Contains("--once"));
                }
                return 0;
            default:
                Console.Error.WriteLine("Say receive, or pull, or pull --once.");
                return 2;
        }
    }

    private static string Setting(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
