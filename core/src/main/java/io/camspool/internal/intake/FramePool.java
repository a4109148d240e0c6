package io.camspool.internal.intake;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Status.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory outside the heap for content on its way, reused: fresh pages cost more than the copy into
/// them. What lies idle and what is in use together stay within the capacity, but for what is in
/// use above it, which the intake bounds by [#sizeOf]. Thread-safe.
final class FramePool implements AutoCloseable {
    /// Sizes are rounded up to this: large enough that the list of what lies idle stays short,
    /// small enough that thousands of tiny images have room in the intake.
    static final long GRAIN_BYTES = 16 * 1024;

    private final long capacity;
    private final List<Buffer> idle = new ArrayList<>();
    private long allocated;
    private boolean closed;

    FramePool(long capacity) {
        this.capacity = capacity;
    }

    /// What is in use and what lies idle. A buffer may be up to twice as large as what it holds.
    synchronized Pool pool() {
        return new Pool("frame buffers", allocated, 2 * capacity);
    }

    /// Memory of at least one content's size; its holder gives it back once.
    static final class Buffer {
        private final Arena arena;
        private final MemorySegment memory;

        private Buffer(long bytes) {
            this.arena = Arena.ofShared();
            this.memory = arena.allocate(bytes, 64);
        }

        MemorySegment memory() {
            return memory;
        }
    }

    /// What a content of so many bytes occupies.
    static long sizeOf(long bytes) {
        return Math.max(1, (bytes + GRAIN_BYTES - 1) / GRAIN_BYTES) * GRAIN_BYTES;
    }

    /// Memory for so many bytes; INTAKE_FULL when the process has none.
    Buffer take(long bytes) {
        var size = sizeOf(bytes);
        synchronized (this) {
            var found = takeIdle(size);
            if (found != null) {
                return found;
            }
            evictFor(size);
            allocated += size;
        }
        try {
            return new Buffer(size);
        } catch (OutOfMemoryError e) {
            synchronized (this) {
                allocated -= size;
            }
            throw new CamspoolException(
                    Reason.INTAKE_FULL,
                    "no memory outside the heap for %d bytes: %s; slow down, lower intake.memory (%d bytes), or give the process more memory"
                            .formatted(size, e.getMessage(), capacity),
                    e);
        }
    }

    void give(Buffer buffer) {
        synchronized (this) {
            if (!closed && allocated <= capacity && keepIdle(buffer)) {
                return;
            }
            allocated -= buffer.memory.byteSize();
        }
        buffer.arena.close();
    }

    private boolean keepIdle(Buffer buffer) {
        try {
            return idle.add(buffer);
        } catch (OutOfMemoryError _) {
            return false;
        }
    }

    private @Nullable Buffer takeIdle(long size) {
        for (var i = idle.size() - 1; i >= 0; i--) {
            var bytes = idle.get(i).memory.byteSize();
            if (bytes >= size && bytes <= 2 * size) {
                return idle.remove(i);
            }
        }
        return null;
    }

    private void evictFor(long size) {
        for (Iterator<Buffer> oldest = idle.iterator();
                allocated + size > capacity && oldest.hasNext(); ) {
            var buffer = oldest.next();
            oldest.remove();
            allocated -= buffer.memory.byteSize();
            buffer.arena.close();
        }
    }

    /// Frees what lies idle; what is in use is freed when it is given back.
    @Override
    public synchronized void close() {
        closed = true;
        evictFor(Long.MAX_VALUE - allocated);
    }
}
