package io.camspool;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The arrows of DESIGN.md, and what may be used where.
final class ArchitectureTest {
    private static final String INTERNAL = "io.camspool.internal..";
    private static final String ENGINE = "io.camspool.internal.engine..";
    private static final String DISK = "io.camspool.internal.disk..";
    private static final String LEDGER = "io.camspool.internal.ledger..";
    private static final String ARCHIVE = "io.camspool.internal.archive..";
    private static final String REPORT = "io.camspool.internal.report..";
    private static final String SINK = "io.camspool.internal.sink..";
    private static final String INTAKE = "io.camspool.internal.intake..";
    private static final String SYNC = "io.camspool.internal.sync..";
    private static final String RETENTION = "io.camspool.internal.retention..";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.camspool");

    /// Ways to the clock, to chance and to the environment, as `class#member`.
    private static final Set<String> WORLD =
            Set.of(
                    "java.lang.System#currentTimeMillis",
                    "java.lang.System#getenv",
                    "java.lang.Thread#sleep",
                    "java.util.concurrent.TimeUnit#sleep",
                    "java.lang.Math#random",
                    "java.util.Random#<init>",
                    "java.util.SplittableRandom#<init>",
                    "java.security.SecureRandom#<init>",
                    "java.util.random.RandomGenerator#getDefault",
                    "java.util.random.RandomGenerator#of",
                    "java.util.UUID#randomUUID",
                    "java.util.Date#<init>",
                    "java.util.Calendar#getInstance",
                    "java.time.InstantSource#system",
                    "java.time.ZoneId#systemDefault",
                    "java.net.InetAddress#getLocalHost");

    /// What the defaults of the configuration may ask the machine for.
    private static final Set<String> DEFAULTS =
            Set.of("java.time.ZoneId#systemDefault", "java.net.InetAddress#getLocalHost");

    @Test
    void publicPackagesKnowOnlyTheEngineOfWhatIsInternal() {
        noClasses()
                .that()
                .resideOutsideOfPackage(INTERNAL)
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL).and(resideOutsideOfPackage(ENGINE)))
                .check(CLASSES);
    }

    @Test
    void nothingInternalKnowsTheEngine() {
        noClasses()
                .that()
                .resideInAPackage(INTERNAL)
                .and()
                .resideOutsideOfPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE)
                .check(CLASSES);
    }

    @Test
    void intakeKnowsArchiveLedgerDiskAndReportOnly() {
        mayKnow(INTAKE, ARCHIVE, LEDGER, DISK, REPORT);
    }

    @Test
    void syncKnowsArchiveLedgerDiskAndReportOnly() {
        mayKnow(SYNC, ARCHIVE, LEDGER, DISK, REPORT);
    }

    @Test
    void retentionKnowsArchiveLedgerDiskAndReportOnly() {
        mayKnow(RETENTION, ARCHIVE, LEDGER, DISK, REPORT);
    }

    @Test
    void archiveKnowsTheDiskOnly() {
        mayKnow(ARCHIVE, DISK);
    }

    @Test
    void ledgerKnowsDiskAndReportOnly() {
        mayKnow(LEDGER, DISK, REPORT);
    }

    @Test
    void reportKnowsNothingInternal() {
        mayKnow(REPORT);
    }

    @Test
    void sinksKnowTheDiskOnly() {
        mayKnow(SINK, DISK);
    }

    @Test
    void theDiskKnowsNothingInternal() {
        mayKnow(DISK);
    }

    private static void mayKnow(String own, String... others) {
        var allowed = new String[others.length + 1];
        System.arraycopy(others, 0, allowed, 0, others.length);
        allowed[others.length] = own;
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(internalBut(allowed))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> internalBut(String... allowed) {
        return resideInAPackage(INTERNAL).and(DescribedPredicate.not(resideInAnyPackage(allowed)));
    }

    @Test
    void internalPackagesHaveNoCycles() {
        slices().matching("io.camspool.internal.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheLedgerSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage(LEDGER)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
                                // names the file of its library
                                .and(DescribedPredicate.not(resideInAPackage("org.sqlite.util"))))
                .check(CLASSES);
    }

    @Test
    void onlyTheDiskTouchesFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DISK)
                .should()
                .dependOnClassesThat(
                        describe(
                                "open or change files",
                                type ->
                                        Set.of(
                                                        "java.nio.file.Files",
                                                        "java.nio.channels.FileChannel",
                                                        "java.nio.channels.AsynchronousFileChannel",
                                                        "java.io.File",
                                                        "java.io.RandomAccessFile",
                                                        "java.io.FileInputStream",
                                                        "java.io.FileOutputStream",
                                                        "java.io.FileReader",
                                                        "java.io.FileWriter")
                                                .contains(type.getName())))
                .check(CLASSES);
    }

    @Test
    void clockChanceAndEnvironmentComeInByConstructor() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE)
                .should()
                .accessTargetWhere(
                        describe("the clock, chance or the environment", ArchitectureTest::isWorld))
                .check(CLASSES);
    }

    private static boolean isWorld(JavaAccess<?> access) {
        var owner = access.getTargetOwner().getName();
        var member = access.getTarget().getName();
        var name = owner + "#" + member;
        if (DEFAULTS.contains(name)
                && access.getOriginOwner().getName().equals(CamspoolConfig.class.getName())) {
            return false;
        }
        return WORLD.contains(name)
                || owner.equals("java.util.concurrent.ThreadLocalRandom")
                || (owner.startsWith("java.time.") && member.equals("now"))
                || (owner.equals("java.time.Clock")
                        && (member.startsWith("system") || member.startsWith("tick")));
    }

    @Test
    void nothingWritesToTheStandardStreams() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedInItsPackageInfo() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
                .hasSizeGreaterThan(5)
                .allSatisfy(ArchitectureTest::assertNullMarked);
    }

    private static void assertNullMarked(JavaPackage checked) {
        assertThat(checked.isAnnotatedWith(NullMarked.class)).as(checked.getName()).isTrue();
    }
}
