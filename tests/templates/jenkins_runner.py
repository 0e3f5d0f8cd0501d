"""Groovy as npm-groovy-lint brings it: Jenkins' files are compiled and played on it (jenkins/*.groovy)."""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent / "jenkins"


def groovy(script, *arguments):
    """Runs one of the scripts; its standard output."""
    modules = pathlib.Path(os.environ["TEMPLATE_NODE_MODULES"]) / "npm-groovy-lint/lib/java"
    classes = [*modules.glob("CodeNarc-*.jar"), *modules.glob("GMetrics-*.jar"), *modules.glob("slf4j-api-*.jar"), *(modules / "groovy/lib").glob("*.jar")]
    if not classes:
        raise RuntimeError(f"no Groovy in {modules}: run tests/support/install-npm.sh tests/templates")
    # A short run: the first compiler and the simplest collector are quickest.
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", os.pathsep.join(map(str, classes)), "groovy.ui.GroovyMain"]
    done = subprocess.run([*command, str(HERE / script), *map(str, arguments)], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{script}: {done.stderr}")
    return done.stdout


def play(plays, folder):
    """Plays pipelines, {jenkinsfile, library, workspace, environment} each; what came of each. One machine for all, since it starts slowly."""
    path = pathlib.Path(folder) / "plays.json"
    path.write_text(json.dumps(plays), encoding="utf-8")
    groovy("play.groovy", path)
    return json.loads(path.with_suffix(".json.out").read_text(encoding="utf-8"))
