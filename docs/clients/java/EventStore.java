import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this program does with events: it writes each one down, once. The file is the work and also the memory of what
 * is done. In your app put both into one transaction of your database: insert the id into a table where it is the
 * primary key; if it is there already do nothing, otherwise make your change; commit. One process at a time may use a
 * file.
 */
final class EventStore {
    private final FileChannel file;
    private final Set<String> known = new HashSet<>();

    EventStore(Path path) throws IOException {
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') end--;
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n"))
            if (!line.isEmpty()) known.add(Json.parse(line).getString("id"));
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // A line that a crash cut short was never confirmed to the hub: it comes again.
        file.truncate(end);
        file.position(end);
    }

    /** Gives those that were not here before. When this returns they are on the disk. */
    synchronized List<Json> take(List<Json> events) throws IOException {
        Map<String, Json> fresh = new LinkedHashMap<>();
        for (Json event : events)
            if (!known.contains(event.getString("id"))) fresh.put(event.getString("id"), event);
        StringBuilder lines = new StringBuilder();
        // Line breaks never stand inside a JSON string, so they can go.
        for (Json event : fresh.values()) lines.append(event.text().replaceAll("[\r\n]", " ")).append('\n');
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
        while (bytes.hasRemaining()) file.write(bytes);
        file.force(true);
        known.addAll(fresh.keySet());
        return List.copyOf(fresh.values());
    }

    static String describe(Json event) {
        return event.getString("type") + " " + event.getString("subject") + " " + event.getString("id");
    }
}
