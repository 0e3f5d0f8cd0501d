"""Serves Debian's graphite-web over whisper files: /usr/bin/python3 -I -B graphite_web.py HOST:PORT FOLDER

FOLDER/series.json says what is written first: {path: {"archives": [[seconds, points], …], "points": [[time, value], …]}}. To be run by
Debian's own Python, which has Django, whisper and graphite-web.
"""

import json
import pathlib
import socketserver
import sys
import wsgiref.simple_server

SETTINGS = """SECRET_KEY = "of a test"
STORAGE_DIR = LOG_DIR = CONF_DIR = {folder!r}
WHISPER_DIR = {whisper!r}
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {folder!r} + "/graphite.db"}}}}
CARBONLINK_HOSTS = []
USE_WORKER_POOL = False
LOG_ROTATION = False
"""


def write(folder, series):
    import whisper
    for path, one in series.items():
        file = folder / "whisper" / (path.replace(".", "/") + ".wsp")
        file.parent.mkdir(parents=True, exist_ok=True)
        whisper.create(str(file), [tuple(archive) for archive in one["archives"]], xFilesFactor=0.0, aggregationMethod="average")
        if one["points"]:
            whisper.update_many(str(file), [tuple(point) for point in one["points"]])


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True

    def server_bind(self):
        # The name of the host is not looked up, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address
        self.setup_environ()


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def address_string(self):
        return self.client_address[0]

    def log_message(self, *_):
        pass


def main(address, folder):
    folder = pathlib.Path(folder)
    write(folder, json.loads((folder / "series.json").read_text(encoding="utf-8")))
    (folder / "settings_of_test.py").write_text(SETTINGS.format(folder=str(folder), whisper=str(folder / "whisper")), encoding="utf-8")
    sys.path.insert(0, str(folder))
    import os
    os.environ["GRAPHITE_SETTINGS_MODULE"] = "settings_of_test"
    from graphite.wsgi import application
    host, _, port = address.partition(":")
    server = wsgiref.simple_server.make_server(host, int(port), application, Server, Quiet)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
