import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Reads the events of Liên Thông page by page and keeps its place in a file. Needs Java 17 and nothing else:
 *
 * <pre>javac *.java
 * HUB=http://localhost:8080 CLIENT_ID=… CLIENT_SECRET=… java PullEvents     follows for ever
 * … java PullEvents --once                                                  reads what is there and ends</pre>
 */
public final class PullEvents {
    private static final Map<String, String> ENV = System.getenv();
    private static final String HUB = ENV.getOrDefault("HUB", "http://localhost:8080");

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private String token = "";
    private Instant tokenEndsAt = Instant.EPOCH;

    /** An answer that is no page. */
    @SuppressWarnings("serial")
    private static final class Refused extends IOException {
        final int status;
        /** Seconds; 0 when the hub named none. */
        final long retryAfter;

        Refused(HttpResponse<String> answer) {
            super("the hub answered " + answer.statusCode() + ": " + answer.body());
            status = answer.statusCode();
            retryAfter = answer.headers().firstValue("retry-after")
                    .filter(text -> text.matches("[0-9]{1,6}")).map(Long::parseLong).orElse(0L);
        }
    }

    public static void main(String[] args) throws Exception {
        boolean once = Arrays.asList(args).contains("--once");
        EventStore store = new EventStore(Path.of(ENV.getOrDefault("EVENTS_FILE", "events.ndjson")));
        new PullEvents().follow(store, Path.of(ENV.getOrDefault("CURSOR_FILE", "cursor.txt")), once);
    }

    private void follow(EventStore store, Path cursorFile, boolean once) throws Exception {
        // Without a place: from the beginning of the log.
        String place = Files.exists(cursorFile) ? Files.readString(cursorFile).strip() : "";
        int failures = 0;
        while (true) {
            Json page;
            try {
                page = readPage(place, once ? 0 : 25);
            } catch (IOException error) {
                int status = error instanceof Refused refused ? refused.status : 0;
                // A token that ended early is worth one more try; wrong credentials are not.
                if (status == 401 && failures == 0) tokenEndsAt = Instant.EPOCH;
                // What is wrong with our request is not mended by waiting.
                else if (status >= 400 && status < 500 && status != 429) throw error;
                failures++;
                if (once && failures > 5) throw new IOException(describe(error), error);
                long wanted = error instanceof Refused refused ? refused.retryAfter : 0;
                long seconds = Math.max(wanted, Math.min(60, 1L << Math.min(failures, 6)));
                System.err.println(describe(error) + "; again in " + seconds + " s");
                Thread.sleep(seconds * 1000);
                continue;
            }
            failures = 0;
            List<Json> items = page.getList("items");
            for (Json event : store.take(items)) System.out.println("took " + EventStore.describe(event));
            String next = page.getString("next");
            // After the work, never before it: what was not kept comes again, and the store knows it.
            if (!next.equals(place)) keepPlace(cursorFile, next);
            place = next;
            if (once && items.isEmpty() && page.get("more") == null) return;
        }
    }

    /** A connection that fails has no message of its own: so what kind it was, its cause, and where we asked. */
    private static String describe(IOException error) {
        if (error instanceof Refused) return error.getMessage();
        Throwable cause = error;
        while (cause.getMessage() == null && cause.getCause() != null) cause = cause.getCause();
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return HUB + " cannot be reached: " + error.getClass().getSimpleName() + ", " + why;
    }

    /** Whole or not at all, whatever happens in between. */
    private static void keepPlace(Path file, String cursor) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, cursor);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Json readPage(String after, int wait) throws IOException, InterruptedException {
        String query = "limit=500&wait=" + wait + (after.isEmpty() ? "" : "&after=" + encode(after));
        return ask(request("/api/v1/events?" + query).header("authorization", "Bearer " + currentToken()));
    }

    private String currentToken() throws IOException, InterruptedException {
        if (Instant.now().isBefore(tokenEndsAt)) return token;
        String pair = encode(ENV.getOrDefault("CLIENT_ID", "")) + ":" + encode(ENV.getOrDefault("CLIENT_SECRET", ""));
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        Json answer = ask(request("/sso/token")
                .header("authorization", "Basic " + basic)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=events.read")));
        token = answer.getString("access_token");
        long seconds = ((Double) answer.get("expires_in").value()).longValue();
        tokenEndsAt = Instant.now().plusSeconds(seconds - 60);
        return token;
    }

    /** Longer than the hub waits for news. */
    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(HUB + path)).timeout(Duration.ofSeconds(60));
    }

    private Json ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new Refused(answer);
        return Json.parse(answer.body());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
