"""A server of releases on loopback, over TLS with a certificate of its own, since install.sh takes https alone elsewhere."""

import os
import pathlib
import shutil
import ssl
import subprocess

import gate

FILES = pathlib.Path(os.environ.get("RELEASE_FILES", gate.ROOT / "build/release/dist"))


def tarball():
    (path,) = FILES.glob("release-gate-*-linux-*.tar.gz")
    return path


def certificate(folder):
    """(certificate, key) for 127.0.0.1, made by openssl."""
    paths = pathlib.Path(folder) / "server.pem", pathlib.Path(folder) / "server.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(paths[0]), "-keyout", str(paths[1])],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return paths


class ReleaseServer(gate.Server):
    """Serves the made release at PREFIX/vVERSION/…; `change(name, bytes)` answers another body, or None for 404."""

    def __init__(self, folder, prefix="", change=None):
        self.asked = []

        def answer(request):
            version, _, name = request.route.removeprefix(prefix + "/v").partition("/")
            self.asked.append(name)
            path = FILES / name
            if not request.route.startswith(prefix + "/v") or version not in FILES_VERSIONS or not path.is_file():
                return 404, {}, "not found"
            body = path.read_bytes()
            body = change(name, body) if change else body
            return (404, {}, "not found") if body is None else (200, {"Content-Type": "application/octet-stream"}, body)

        super().__init__(answer)
        self.certificate, key = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = self.url.replace("http://", "https://")

    def environment(self):
        return {"CURL_CA_BUNDLE": str(self.certificate)}


FILES_VERSIONS = {tarball().name.split("-linux-")[0].removeprefix("release-gate-")} if FILES.is_dir() else set()


def unpack(folder):
    """The tarball, unpacked; its folder."""
    shutil.unpack_archive(tarball(), folder, filter="data")
    return pathlib.Path(folder) / tarball().name.removesuffix(".tar.gz")
