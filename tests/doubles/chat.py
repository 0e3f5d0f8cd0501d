"""A loopback double of what listens at the end of a webhook: Slack, a Teams workflow, and any receiver of signed reports.

Shapes follow https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/ and
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
"""

from double import Double, answer

SLACK_PATH = "/services/T00000000/B00000000/slackSECRETslackSECRET99"
TEAMS_PATH = "/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke"
TEAMS_SIGNATURE = "teamsSIGNATUREteamsSIGNATURE42"
WEBHOOK_PATH = "/hooks/webhookSECRETwebhookSECRET7"
MOST_CARD = 28 * 1024


def plain(status, text, headers=None):
    return answer(status, text, {"Content-Type": "text/plain", **(headers or {})})


class Chat(Double):
    """`messages` holds (which, body) of what was taken."""

    def __init__(self, port=0):
        super().__init__(port)
        self.messages = []
        self.slack = self.url + SLACK_PATH
        self.teams = f"{self.url}{TEAMS_PATH}?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={TEAMS_SIGNATURE}"
        self.webhook = self.url + WEBHOOK_PATH

    def handle(self, request):
        if request.method != "POST" or request.headers.get("Content-Type") != "application/json":
            return plain(400, "invalid_payload")
        if request.path == SLACK_PATH:
            return self.take_slack(request.json())
        if request.path == TEAMS_PATH and request.query.get("sig") == TEAMS_SIGNATURE:
            return self.take_card(request)
        if request.path == WEBHOOK_PATH:
            self.messages.append(("webhook", request))
            return answer(202, "")
        return plain(404, "no_service")

    def take_slack(self, body):
        blocks = body.get("blocks", [])
        wrong = not body.get("text") or len(blocks) > 50
        for block in blocks:
            texts = [block["text"]] if "text" in block else block.get("elements", [])
            limit = 150 if block["type"] == "header" else 3000
            wrong = wrong or any(text["type"] not in {"plain_text", "mrkdwn"} or not 0 < len(text["text"]) <= limit for text in texts)
        if wrong:
            return plain(400, "invalid_blocks")
        self.messages.append(("slack", body))
        return plain(200, "ok")

    def take_card(self, request):
        body = request.json()
        attachment = body["attachments"][0]
        if body["type"] != "message" or attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
            return answer(400, {"error": {"code": "InvalidRequest"}})
        if len(request.body) > MOST_CARD:
            return answer(413, {"error": {"code": "RequestEntityTooLarge"}})
        self.messages.append(("teams", attachment["content"]))
        return answer(202, "")

