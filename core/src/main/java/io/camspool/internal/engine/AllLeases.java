package io.camspool.internal.engine;

import io.camspool.internal.retention.Janitor;
import io.camspool.internal.sync.Leases;
import java.util.List;

/// The leases of all sinks together.
record AllLeases(List<Leases> sinks) implements Janitor.Leases {
    AllLeases {
        sinks = List.copyOf(sinks);
    }

    @Override
    public boolean withhold(long seq) {
        for (var i = 0; i < sinks.size(); i++) {
            if (!sinks.get(i).withhold(seq)) {
                sinks.subList(0, i).forEach(leases -> leases.letGo(seq));
                return false;
            }
        }
        return true;
    }

    @Override
    public void letGo(long seq) {
        sinks.forEach(leases -> leases.letGo(seq));
    }
}
