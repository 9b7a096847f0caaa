"""OpenDaylight's pcc-mock, many simulated PCCs in one Java process, started for one test."""

import os
import shutil
import subprocess

from netns import Unavailable

VERSION = "0.18.0"
ARTIFACT = f"org.opendaylight.bgpcep:pcep-pcc-mock:{VERSION}:jar:executable"
JAR = f"pcep-pcc-mock-{VERSION}-executable.jar"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
JAVA_MIN = 17
FETCH_S = 300


def check_java():
    """Raises Unavailable where there is no Java that can run it."""
    java = shutil.which("java")
    if not java:
        raise Unavailable("java is not installed")
    text = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True,
                          check=False).stderr
    version = [line.split("=")[1].strip() for line in text.splitlines()
               if line.strip().startswith("java.specification.version")]
    if not version or not version[0].isdigit() or int(version[0]) < JAVA_MIN:
        raise Unavailable(f"java is of version {version}, wanted is {JAVA_MIN}")


def find_jar(folder):
    """The program: named by PCED_PCC_MOCK, or brought to that folder by Maven, once."""
    given = os.environ.get("PCED_PCC_MOCK")
    if given:
        return given
    path = os.path.join(folder, JAR)
    if os.path.exists(path):
        return path
    if not shutil.which("mvn"):
        raise Unavailable(f"mvn is not installed, and PCED_PCC_MOCK does not name {JAR}")
    command = ["mvn", "-q", "-B", COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_S, check=False)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"Maven did not bring {ARTIFACT} within {FETCH_S} s") from None
    if done.returncode != 0 or not os.path.exists(path):
        raise Unavailable(f"Maven did not bring {ARTIFACT}: {(done.stdout + done.stderr)[-300:].strip()}")
    return path


class PccMock:
    """PCCs from consecutive addresses, 127.0.0.2 first, with so many LSPs each. None of them comes again
    after it was refused once."""

    def __init__(self, jar, server, pccs, lsps, log):
        self.log = log
        self._output = open(log, "wb")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["java", "-jar", jar, "--local-address", "127.0.0.2", "--remote-address", "%s:%d" % server,
             "--pcc", str(pccs), "--lsp", str(lsps)],
            stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT)

    def has_ended(self):
        return self.process.poll() is not None

    def stop(self):
        self.process.kill()
        self.process.wait()
        self._output.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
