import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value with the text that it was read from. The JDK has no JSON of its own: in your app take the library that
 * you use already.
 *
 * @param value a {@code Map<String, Json>}, a {@code List<Json>}, a String, a Double, a Boolean or null
 */
record Json(Object value, String text) {

    static Json parse(String text) {
        Reader reader = new Reader(text);
        Json json = reader.readValue();
        reader.skipSpace();
        if (reader.at < text.length()) throw reader.fault();
        return json;
    }

    /** A property of an object; null when it is not there. */
    Json get(String name) {
        return ((Map<?, ?>) value).get(name) instanceof Json json ? json : null;
    }

    String getString(String name) {
        return (String) get(name).value;
    }

    List<Json> getList(String name) {
        return ((List<?>) get(name).value).stream().map(Json.class::cast).toList();
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Json readValue() {
            skipSpace();
            int start = at;
            Object value = switch (peek()) {
                case '{' -> readObject();
                case '[' -> readArray();
                case '"' -> readString();
                case 't' -> readWord("true", true);
                case 'f' -> readWord("false", false);
                case 'n' -> readWord("null", null);
                default -> readNumber();
            };
            return new Json(value, text.substring(start, at));
        }

        private Map<String, Json> readObject() {
            Map<String, Json> map = new LinkedHashMap<>();
            expect('{');
            if (isNext('}')) return map;
            do {
                skipSpace();
                String name = readString();
                skipSpace();
                expect(':');
                map.put(name, readValue());
            } while (isNext(','));
            if (!isNext('}')) throw fault();
            return map;
        }

        private List<Json> readArray() {
            List<Json> list = new ArrayList<>();
            expect('[');
            if (isNext(']')) return list;
            do {
                list.add(readValue());
            } while (isNext(','));
            if (!isNext(']')) throw fault();
            return list;
        }

        private String readString() {
            expect('"');
            StringBuilder read = new StringBuilder();
            while (peek() != '"') {
                char next = text.charAt(at++);
                read.append(next == '\\' ? readEscape() : next);
            }
            at++;
            return read.toString();
        }

        private char readEscape() {
            char kind = peek();
            at++;
            return switch (kind) {
                case '"', '\\', '/' -> kind;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    if (at + 4 > text.length()) throw fault();
                    at += 4;
                    yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
                }
                default -> throw fault();
            };
        }

        private Double readNumber() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
            if (start == at) throw fault();
            return Double.valueOf(text.substring(start, at));
        }

        private Object readWord(String word, Object value) {
            if (!text.startsWith(word, at)) throw fault();
            at += word.length();
            return value;
        }

        void skipSpace() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        }

        private boolean isNext(char wanted) {
            skipSpace();
            if (peek() != wanted) return false;
            at++;
            return true;
        }

        private void expect(char wanted) {
            if (peek() != wanted) throw fault();
            at++;
        }

        private char peek() {
            if (at >= text.length()) throw fault();
            return text.charAt(at);
        }

        IllegalArgumentException fault() {
            return new IllegalArgumentException("no JSON at character " + at);
        }
    }
}
