package io.camspool.agent.config;

import io.camspool.Durability;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.Naming;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All keys that have a single value: what reads them, names their variables, shows them and hints
/// at them goes by this table, and docs/configuration.md is tested against it. Lists of sections,
/// as `sinks`, have readers of their own.
final class Keys {
    static final String PREFIX = "CAMSPOOL_";

    /// Variables that are no keys: the file, and what the launcher gives Java.
    static final Set<String> OTHER_VARIABLES = Set.of("CAMSPOOL_CONFIG", "CAMSPOOL_JAVA_OPTS");

    /// Lists of sections, which only the file can hold.
    static final List<String> ONLY_IN_FILE = List.of("sinks", "watch");

    static final Key<Path> DATA = Key.path("data", "data", "the data folder");
    static final Key<Path> CAPTURES =
            Key.path("captures", "", "where the images stand, as on a larger disk");
    static final Key<String> BOX =
            Key.text("box", "", "this machine's name, in every key and envelope");
    static final Key<ZoneId> ZONE =
            Key.plain(
                    "zone",
                    "",
                    "whose days and hours count",
                    "a time zone as Asia/Shanghai or UTC",
                    Keys::zone);
    static final Key<Naming> NAMING =
            Key.word("naming", Naming.class, "with-id", "how the files of captures are named");
    static final Key<Boolean> LOCAL_ONLY =
            Key.flag("local-only", false, "nothing will ever be delivered");
    static final Key<Durability> DURABILITY =
            Key.word("durability", Durability.class, "fsync", "what stored means");

    static final Key<Integer> MAX_WIDTH =
            Key.number("images.max-width", 1, Frame.MAX_SIDE, 1920, "longest width, in pixels");
    static final Key<Integer> MAX_HEIGHT =
            Key.number("images.max-height", 1, Frame.MAX_SIDE, 1080, "longest height, in pixels");
    static final Key<Long> MAX_IMAGE =
            Key.bytes(
                    "images.max-bytes",
                    1,
                    Integer.MAX_VALUE,
                    "1MB",
                    "largest image that is kept as it is");
    static final Key<Integer> QUALITY =
            Key.number("images.quality", 1, 100, 85, "JPEG quality where an image is made");
    static final Key<ImageFormat> FORMAT =
            Key.word("images.format", ImageFormat.class, "", "what to store");
    static final Key<Boolean> ORIGINAL =
            Key.flag("images.original", false, "every pixel and byte is kept");

    static final Key<Long> MEMORY =
            Key.bytes(
                    "intake.memory",
                    1_000_000,
                    64_000_000_000L,
                    "64MB",
                    "memory for captures on their way to the disk");
    static final Key<Long> ALERT_MEMORY =
            Key.bytes(
                    "intake.alert-memory",
                    100_000,
                    4_000_000_000L,
                    "8MB",
                    "memory for alerts on their way to the disk");
    static final Key<Duration> WAIT =
            Key.duration("intake.wait", "200ms", "how long a save waits for room");
    static final Key<Long> MAX_INPUT =
            Key.bytes(
                    "intake.max-image-bytes",
                    1,
                    Integer.MAX_VALUE,
                    "32MB",
                    "largest image that is accepted");
    static final Key<Integer> MAX_PIXELS =
            Key.number("intake.max-pixels", 1, Integer.MAX_VALUE, 50_000_000, "most pixels of one");
    static final Key<Long> MAX_OPAQUE =
            Key.bytes(
                    "intake.max-opaque-bytes",
                    1,
                    1_000_000_000_000L,
                    "2GB",
                    "largest file of another type that is accepted");

    static final Key<Integer> MAX_ALERT =
            Key.plain(
                    "alerts.max-bytes",
                    "1MB",
                    "largest alert",
                    Amounts.bytesInWords(2, 1_000_000_000),
                    text -> Amounts.bytes(text, 2, 1_000_000_000).map(Math::toIntExact));
    static final Key<Integer> MAX_DEPTH =
            Key.number("alerts.max-depth", 1, 1000, 100, "deepest nesting in one");

    static final Key<Optional<Duration>> KEEP_DELIVERED =
            Key.durationOr(
                    "forever", "keep.delivered", "forever", "how long what was delivered is kept");
    static final Key<String> KEEP_UNDELIVERED =
            Key.plain(
                    "keep.undelivered",
                    "forever",
                    "how long what was not delivered is kept",
                    "forever",
                    text -> Optional.of(text).filter("forever"::equals));

    /// Also written `listen`, where nothing else is said of it.
    static final Key<HostPort> LISTEN =
            Key.plain(
                    "listen.address",
                    "127.0.0.1:8686",
                    "where the agent listens",
                    HostPort.ALLOWED,
                    HostPort::read);

    static final Key<Path> SOCKET = Key.path("listen.socket", "", "a Unix socket besides");
    static final Key<Integer> SOCKET_MODE =
            Key.plain("listen.socket-mode", "0660", "who may use it", Amounts.MODE, Amounts::mode);
    static final Key<String> SOCKET_GROUP =
            Key.text("listen.socket-group", "", "the group it belongs to");
    static final Key<List<String>> HOSTS =
            Key.texts("listen.hosts", "", "further names that requests may call this agent by");
    static final Key<String> TOKEN = Key.secret("token", "what requests must bring");

    static final Key<Path> PUBLIC =
            Key.path("paths.public", "", "the folder of the images, as other programs see it");
    static final Key<Integer> FILE_MODE =
            Key.plain("files.mode", "", "who may read what is stored", Amounts.MODE, Amounts::mode);
    static final Key<String> FILE_GROUP =
            Key.text("files.group", "", "the group that what is stored belongs to");

    static final Key<Optional<Duration>> HEARTBEAT =
            Key.durationOr("off", "heartbeat.every", "off", "how often the agent reports itself");
    static final Key<List<String>> HEARTBEAT_SINKS =
            Key.texts("heartbeat.sinks", "", "the sinks that get it");
    static final Key<AgentConfig.LogFormat> LOG_FORMAT =
            Key.word("log.format", AgentConfig.LogFormat.class, "text", "how log lines look");
    static final Key<AgentConfig.LogLevel> LOG_LEVEL =
            Key.word("log.level", AgentConfig.LogLevel.class, "info", "what is logged");
    static final Key<Boolean> METRICS = Key.flag("metrics", true, "whether /metrics answers");

    /// In the order in which people are shown them.
    static final List<Key<?>> ALL =
            List.of(
                    BOX,
                    DATA,
                    CAPTURES,
                    ZONE,
                    LISTEN,
                    SOCKET,
                    SOCKET_MODE,
                    SOCKET_GROUP,
                    HOSTS,
                    TOKEN,
                    MAX_WIDTH,
                    MAX_HEIGHT,
                    MAX_IMAGE,
                    QUALITY,
                    FORMAT,
                    ORIGINAL,
                    MEMORY,
                    ALERT_MEMORY,
                    WAIT,
                    MAX_INPUT,
                    MAX_PIXELS,
                    MAX_OPAQUE,
                    MAX_ALERT,
                    MAX_DEPTH,
                    DURABILITY,
                    NAMING,
                    LOCAL_ONLY,
                    KEEP_DELIVERED,
                    KEEP_UNDELIVERED,
                    PUBLIC,
                    FILE_MODE,
                    FILE_GROUP,
                    HEARTBEAT,
                    HEARTBEAT_SINKS,
                    LOG_FORMAT,
                    LOG_LEVEL,
                    METRICS);

    /// Checked, and without effect in this version.
    static final Set<Key<?>> NOT_APPLIED =
            Set.of(
                    KEEP_DELIVERED,
                    KEEP_UNDELIVERED,
                    FILE_MODE,
                    FILE_GROUP,
                    HEARTBEAT,
                    HEARTBEAT_SINKS,
                    LOG_FORMAT,
                    LOG_LEVEL);

    private static final String LISTEN_IN_SHORT = LISTEN.group();

    private Keys() {}

    /// A key by its name, or by `listen`.
    static Optional<Key<?>> named(String name) {
        var whole = name.equals(LISTEN_IN_SHORT) ? LISTEN.name() : name;
        return ALL.stream().filter(key -> key.name().equals(whole)).findFirst();
    }

    /// All names that [#named] knows.
    static Set<String> names() {
        var names =
                ALL.stream().map(Key::name).collect(Collectors.toCollection(LinkedHashSet::new));
        names.add(LISTEN_IN_SHORT);
        return names;
    }

    /// The names of one key, the shorter one last.
    static List<String> names(Key<?> key) {
        return key.equals(LISTEN) ? List.of(key.name(), LISTEN_IN_SHORT) : List.of(key.name());
    }

    /// The keys that others stand below.
    static Set<String> groups() {
        return ALL.stream()
                .map(Key::group)
                .filter(group -> !group.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Optional<ZoneId> zone(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
