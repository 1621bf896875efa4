import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes the webhooks of Liên Thông. Needs Java 17 and nothing else:
 *
 * <pre>javac *.java
 * WEBHOOK_SECRET=whsec_… PORT=9000 EVENTS_FILE=events.ndjson java ReceiveWebhooks</pre>
 */
public final class ReceiveWebhooks {
    private static final int MAX_BYTES = 1_000_000;
    private static final long TOLERANCE_SECONDS = 300;

    private final byte[] secret;
    private final EventStore store;

    private ReceiveWebhooks(byte[] secret, EventStore store) {
        this.secret = secret;
        this.store = store;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> env = System.getenv();
        byte[] secret = Base64.getDecoder().decode(env.getOrDefault("WEBHOOK_SECRET", "").replace("whsec_", ""));
        if (secret.length < 24)
            throw new IllegalArgumentException("WEBHOOK_SECRET must be the whsec_… of the subscription");
        EventStore store = new EventStore(Path.of(env.getOrDefault("EVENTS_FILE", "events.ndjson")));
        ReceiveWebhooks receiver = new ReceiveWebhooks(secret, store);
        int port = Integer.parseInt(env.getOrDefault("PORT", "9000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", receiver::handle);
        server.start();
        System.out.println("listening on port " + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            int status;
            try {
                status = answer(exchange);
            } catch (Exception error) {
                // A 5xx: the hub tries again later.
                System.out.println("failed: " + error);
                status = 500;
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (java.io.IOException gone) {
            // The hub has hung up and tries again.
        }
    }

    private int answer(HttpExchange exchange) throws Exception {
        if (!exchange.getRequestMethod().equals("POST")) return 405;
        // The bytes that were signed.
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) return 413;
        String id = header(exchange, "webhook-id");
        String timestamp = header(exchange, "webhook-timestamp");
        if (!isSigned(id, timestamp, header(exchange, "webhook-signature"), body)) return 401;
        Json event = Json.parse(new String(body, StandardCharsets.UTF_8));
        boolean isNew = !store.take(List.of(event)).isEmpty();
        System.out.println((isNew ? "took " : "had ") + EventStore.describe(event));
        // Only now: the hub sends no event again after a 2xx.
        return 204;
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** Whether the hub has signed this body, and not long ago (Standard Webhooks, {@code v1}). */
    private boolean isSigned(String id, String timestamp, String signatures, byte[] body)
            throws GeneralSecurityException {
        if (id.isEmpty() || !timestamp.matches("[0-9]{1,12}")) return false;
        // Who has recorded an old request cannot send it again.
        long age = System.currentTimeMillis() / 1000 - Long.parseLong(timestamp);
        if (Math.abs(age) > TOLERANCE_SECONDS) return false;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)))
                .getBytes(StandardCharsets.UTF_8);
        // While the secret is being changed there are two signatures: one that fits is enough.
        for (String signature : signatures.split(" "))
            if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) return true;
        return false;
    }
}
