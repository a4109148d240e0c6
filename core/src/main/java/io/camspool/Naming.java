package io.camspool;

/// How the files of captures are named. Alerts and captures without an alert are not concerned.
public enum Naming {
    /// `<camera>_<alert>_<id>.jpg`: every capture has a place of its own.
    WITH_ID,
    /// `<camera>_<alert>.jpg`, as the Python module has it. Then date, camera and alert are the
    /// identity: a repeat with the same image is the same item, another image is refused with
    /// reason CONFLICT.
    PLAIN
}
