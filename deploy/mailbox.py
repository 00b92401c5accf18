#!/usr/bin/python3
"""A mailbox for trying lagnet out: takes all mail and shows it on a page.

Nothing leaves this machine, and nothing is kept when it ends. Not for use with
real people: whoever has an account on this machine can read the page.

Prints "ready SMTP-PORT PAGE-PORT" and runs until a signal ends it, or whoever
started it is gone.
"""
import argparse
import collections
import datetime
import email
import email.policy
import html
import http.server
import os
import re
import signal
import socket
import threading

from aiosmtpd.controller import Controller

MOST = 500  # Messages that are kept.
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 1rem auto; padding: 0 1rem; }
details { border-top: 1px solid #8888; padding: .6rem 0; }
summary { cursor: pointer; }
small { opacity: .75; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
"""


class Mail:
    def __init__(self, to, content):
        message = email.message_from_bytes(content,
                                           policy=email.policy.default)
        self.time = datetime.datetime.now()
        self.to = ", ".join(to)
        self.subject = message["subject"] or ""
        body = message.get_body(preferencelist=("plain",))
        self.text = body.get_content() if body else ""
        self.attachments = [
            part.get_filename() for part in message.iter_attachments()]

    def as_html(self):
        links = re.sub(r"(https?://(?:[^\s<>&]|&amp;)+)", r'<a href="\1">\1</a>',
                       html.escape(self.text))
        attached = html.escape(", ".join(filter(None, self.attachments)))
        return (f"<details><summary><b>{html.escape(self.subject)}</b><br>"
                f"<small>{self.time:%H:%M:%S} to {html.escape(self.to)}"
                f"</small></summary><pre>{links}</pre>"
                f"{'<p>Attached: ' + attached if attached else ''}</details>")


class Box:
    def __init__(self):
        self.mails = collections.deque(maxlen=MOST)

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.appendleft(Mail(envelope.rcpt_tos, envelope.content))
        return "250 OK"

    def page(self):
        mails = "".join(mail.as_html() for mail in list(self.mails))
        return (f"<!doctype html><html lang=en><meta charset=utf-8>"
                f"<meta name=viewport content='width=device-width'>"
                f"<title>Mailbox</title><style>{STYLE}</style>"
                f"<h1>Mailbox</h1><p>All mail of this lagnet, the latest "
                f"first; reload for what is new. It goes nowhere else.</p>"
                f"{mails or '<p>Nothing yet.</p>'}")


def page_server(box, port):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/":
                self.send_error(404)
                return
            # Whose page in a browser could point its name to this machine?
            host = (self.headers.get("host") or "").rsplit(":", 1)[0]
            if host not in ("127.0.0.1", "localhost"):
                self.send_error(403)
                return
            page = box.page().encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(page)))
            self.send_header("content-security-policy",
                             "default-src 'none'; style-src 'unsafe-inline'; "
                             "frame-ancestors 'none'")
            self.send_header("referrer-policy", "no-referrer")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)


def free_port(wanted):
    """The wanted port, or else any that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--smtp-port", type=int, default=7325)
    parser.add_argument("--page-port", type=int, default=7381)
    options = parser.parse_args()
    box = Box()
    smtp = Controller(box, hostname="127.0.0.1",
                      port=free_port(options.smtp_port))
    smtp.start()
    page = page_server(box, free_port(options.page_port))
    threading.Thread(target=page.serve_forever, daemon=True).start()
    print(f"ready {smtp.port} {page.server_port}", flush=True)
    parent = os.getppid()
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    while not ending.wait(1) and os.getppid() == parent:
        pass
    smtp.stop()


main()
