package io.camspool.internal.engine;

import io.camspool.internal.retention.Janitor;
import io.camspool.internal.sync.Pump;
import java.util.List;

/// The leases of all pumps together.
record PumpLeases(List<Pump> pumps) implements Janitor.Leases {
    PumpLeases {
        pumps = List.copyOf(pumps);
    }

    @Override
    public boolean withhold(long seq) {
        for (var i = 0; i < pumps.size(); i++) {
            if (!pumps.get(i).withhold(seq)) {
                pumps.subList(0, i).forEach(pump -> pump.letGo(seq));
                return false;
            }
        }
        return true;
    }

    @Override
    public void letGo(long seq) {
        pumps.forEach(pump -> pump.letGo(seq));
    }
}
