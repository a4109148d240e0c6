# Sets JAVA_HOME to a JDK of release 25 or newer; sourced by ./mvnw and ./camspool.
# Looks at JAVA_HOME, then PATH, then where operating systems and version managers install JDKs.

camspool_jdk_release=25

camspool_is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  camspool_found=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$camspool_found" ] && [ "$camspool_found" -ge "$camspool_jdk_release" ]
}

camspool_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && camspool_is_jdk "$JAVA_HOME"; then
    return 0
  fi
  camspool_on_path=$(command -v javac || :)
  if [ -n "$camspool_on_path" ]; then
    camspool_on_path=$(readlink -f "$camspool_on_path" 2>/dev/null || echo "$camspool_on_path")
    camspool_on_path=${camspool_on_path%/bin/javac}
    if camspool_is_jdk "$camspool_on_path"; then
      JAVA_HOME=$camspool_on_path
      return 0
    fi
  fi
  for camspool_place in /usr/lib/jvm /usr/lib64/jvm /usr/java /opt /opt/java /Library/Java/JavaVirtualMachines \
    "${HOME-}/.sdkman/candidates/java" "${HOME-}/.jdks" "${HOME-}/.local/share/mise/installs/java"; do
    [ -d "$camspool_place" ] || continue
    for camspool_name in $(ls "$camspool_place" 2>/dev/null); do
      for camspool_home in "$camspool_place/$camspool_name" "$camspool_place/$camspool_name/Contents/Home"; do
        if camspool_is_jdk "$camspool_home"; then
          JAVA_HOME=$camspool_home
          return 0
        fi
      done
    done
  done
  return 1
}

if camspool_find_jdk; then
  export JAVA_HOME
else
  echo "camspool: no JDK $camspool_jdk_release or newer found (looked at JAVA_HOME, PATH and the usual folders)." >&2
  echo "camspool: install one, for example Eclipse Temurin $camspool_jdk_release, or set JAVA_HOME to it." >&2
  exit 4
fi
