import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.event.ruler.Machine;

/**
 * Asks AWS's engine. Every line of the first file is [pattern, event], both as texts, and the
 * second file gets one line for each: true, false, invalid (the pattern) or error (the event).
 * Then it matches the pairs of the third file, whose patterns are compiled once, again and
 * again for so many seconds. The last line has the version of Java and the events per second.
 */
public class Answer {
    public static void main(String[] args) throws Exception {
        try (PrintStream out = new PrintStream(args[1], StandardCharsets.UTF_8)) {
            for (String[] pair : read(args[0])) {
                out.println(ask(pair[0], pair[1]));
            }
            double seconds = Double.parseDouble(args[3]);
            List<String[]> pairs = read(args[2]);
            speed(pairs, seconds); // the first round compiles
            out.println(Runtime.version().feature() + " " + speed(pairs, seconds));
        }
    }

    private static List<String[]> read(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String[]> pairs = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(file))) {
            pairs.add(json.readValue(line, String[].class));
        }
        return pairs;
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
            return "error";
        }
    }

    private static long speed(List<String[]> pairs, double seconds) throws Exception {
        List<Machine> machines = new ArrayList<>();
        for (String[] pair : pairs) {
            Machine machine = new Machine();
            machine.addRule("rule", pair[0]);
            machines.add(machine);
        }
        long start = System.nanoTime();
        long events = 0;
        double took = 0;
        for (; took < seconds; took = (System.nanoTime() - start) / 1e9) {
            for (int i = 0; i < pairs.size(); i++, events++) {
                machines.get(i).rulesForJSONEvent(pairs.get(i)[1]);
            }
        }
        return Math.round(events / took);
    }
}
