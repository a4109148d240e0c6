import io.camspool.image.ImageCodec;

/// A durable spool for camera captures and alerts.
module io.camspool {
    requires transitive java.desktop;
    requires java.net.http;
    requires java.sql;
    requires com.fasterxml.jackson.core;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    exports io.camspool;
    exports io.camspool.image;
    exports io.camspool.sink;

    uses ImageCodec;
}
