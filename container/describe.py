"""Writes down, while the image is built, what is in it: the set-up of Taurus for the agent, and the list of software."""
import json
import os
import platform
import re
import subprocess
from pathlib import Path

HOME = Path("/opt/loadfleet")
DOCUMENTS = Path("/usr/share/doc/loadfleet")
PARTS = {
    "Taurus": ["/opt/taurus"],
    "Locust": ["/opt/locust"],
    "Java": ["/opt/java"],
    "JMeter": ["/opt/jmeter"],
    "k6": ["/usr/local/bin/k6"],
    "Node": ["/usr/local/bin/node"],
    "agent": [str(HOME)],
}


def answer(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def packages(environment):
    code = "from importlib.metadata import distributions as d; print('\\n'.join(sorted(f\"{x.name} {x.version}\" for x in d())))"
    return answer(f"/opt/{environment}/bin/python", "-c", code)


def megabytes(*paths):
    # As the image holds it: without what is mounted while it is built.
    return round(int(answer("du", "-sxk", "--total", *paths).split("\n")[-1].split()[0]) / 1024)


def sizes():
    parts = {name: megabytes(*paths) for name, paths in PARTS.items()}
    whole = megabytes("--exclude=/proc", "--exclude=/sys", "--exclude=/etc/ssl/certs", "/")
    return {"base": whole - sum(parts.values()), **parts}


def main():
    versions = json.loads((HOME / "taurus" / "versions.json").read_text())
    java = re.search(r'JAVA_VERSION="([^"]+)"', Path("/opt/java/release").read_text()).group(1)
    known = {"bzt": versions["bzt"], "jmeter": versions["jmeter"], "python": platform.python_version(), "java": java}
    setup = {"python": "/opt/taurus/bin/python", "jmeterHome": "/opt/jmeter", "versions": known}
    (HOME / "taurus.json").write_text(json.dumps(setup))
    os.makedirs(DOCUMENTS, exist_ok=True)
    (DOCUMENTS / "sizes.json").write_text(json.dumps(sizes()))
    jars = "\n".join(sorted(path.name for path in Path("/opt/jmeter").rglob("*.jar")))
    debian = answer("dpkg-query", "--show", "--showformat=${Package} ${Version}\n")
    lists = {
        "Programs": f"node {versions['node']}\nk6 {versions['k6']}\nOpenJDK {java}\nJMeter {versions['jmeter']}",
        "Python packages of Taurus": packages("taurus"),
        "Python packages of Locust": packages("locust"),
        "Java archives": jars,
        "Debian packages": debian,
    }
    text = "\n\n".join(f"{title}\n\n{content}" for title, content in lists.items())
    (DOCUMENTS / "software.txt").write_text(text + "\n")


main()
