"""A real SMTP server for tests: what it takes is written to a folder, one JSON
file for each message, in the order of their arrival.

Prints "ready PORT" and runs until its standard input ends.
"""
import argparse
import asyncio
import email
import email.policy
import json
import os
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    def __init__(self, options):
        self.options = options
        self.count = 0
        self.answers = dict(pair.split("=", 1) for pair in options.answer)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address in self.answers:
            return f"{self.answers[address]} as the test wants it"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, _):
        if address in self.answers:
            return f"{self.answers[address]} as the test wants it"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default)
        parts = {}
        for part in message.walk():
            if not part.is_multipart():
                parts[part.get_content_type()] = part.get_content()
        record = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.decode() if session.auth_data else "",
            "headers": {key.lower(): value for key, value in message.items()},
            "type": message.get_content_type(),
            "parts": parts,
        }
        # All at once: whoever looks never sees half a message.
        name = os.path.join(self.options.folder, f"{self.count:06}.json")
        self.count += 1
        with open(name + ".new", "w", encoding="utf-8") as file:
            json.dump(record, file, ensure_ascii=False)
        os.rename(name + ".new", name)
        return "250 OK"


class MailServer(Controller):
    def __init__(self, handler, options):
        context = None
        if options.cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(options.cert, options.key)
        self.context = context
        self.options = options
        super().__init__(handler, hostname="127.0.0.1", port=options.port)

    def factory(self):
        options = self.options

        def check(server, session, envelope, mechanism, data):
            good = (data.login.decode() == options.user
                    and data.password.decode() == options.password)
            return AuthResult(success=good, auth_data=data.login, handled=good)

        return SMTP(self.handler, tls_context=self.context,
                    require_starttls=self.context is not None,
                    authenticator=check if options.user else None,
                    auth_required=bool(options.user))


async def until_told():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--answer", action="append", default=[],
                        help="ADDRESS=550: what a recipient, or a sender, is "
                        "answered")
    options = parser.parse_args()
    controller = MailServer(Keeper(options), options)
    # A port of its own, which the controller alone could not tell.
    if options.port == 0:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            controller.port = free.getsockname()[1]
    controller.start()
    print(f"ready {controller.port}", flush=True)
    asyncio.run(until_told())
    controller.stop()


main()
