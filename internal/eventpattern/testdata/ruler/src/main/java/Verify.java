import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/**
 * Asks AWS's engine about every entry of the conformance table and fails when it
 * disagrees. An entry's "ruler", if there is one, is what the bare engine says:
 * EventBridge, the service, is known to be stricter there, or the Go package to differ.
 */
public class Verify {
    public static void main(String[] args) throws IOException {
        String table = Files.readString(Path.of(args[0]));
        int entries = 0;
        int wrong = 0;
        try (JsonParser parser = new JsonFactory().createParser(table)) {
            expect(parser.nextToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> entry = entry(parser, table);
                String want = entry.getOrDefault("ruler", entry.get("match"));
                String got = ask(entry.get("pattern"), entry.get("event"));
                entries++;
                if (!got.equals(want)) {
                    wrong++;
                    System.out.printf("%s: the engine says %s, the table %s%n", entry.get("name"), got, want);
                }
            }
        }
        System.out.printf("%d entries, %d disagreements%n", entries, wrong);
        System.exit(wrong > 0 || entries == 0 ? 1 : 0);
    }

    /** One entry: its strings decoded, everything else as the table spells it. */
    private static Map<String, String> entry(JsonParser parser, String table) throws IOException {
        Map<String, String> entry = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                entry.put(name, parser.getText());
                continue;
            }
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            String text = parser.currentToken().isStructEnd()
                    ? table.substring(start, (int) parser.currentLocation().getCharOffset())
                    : parser.getText();
            entry.put(name, text);
        }
        return entry;
    }

    private static String ask(String pattern, String event) {
        Machine machine = new Machine();
        try {
            machine.addRule("rule", pattern);
        } catch (Exception e) {
            return "invalid";
        }
        try {
            return String.valueOf(!machine.rulesForJSONEvent(event).isEmpty());
        } catch (Exception e) {
            return "error " + e.getMessage();
        }
    }

    private static void expect(JsonToken got, JsonToken want) throws IOException {
        if (got != want) {
            throw new IOException("the table must be an array, it begins with " + got);
        }
    }
}
