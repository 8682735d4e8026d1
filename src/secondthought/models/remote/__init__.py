"""Models behind a server that speaks OpenAI's chat API, or one of its dialects.

address.py   what the asker typed -> URL, model name, key
client.py    HTTP: one streamed request, retried by the official client's rules
sse.py       server-sent events
dialects.py  what differs between servers, and the body of a request
probe.py     which dialect a server speaks, and how its model shows a thought
reply.py     the pieces of one streamed answer -> `Delta`s within the limits
model.py     `Remote`, the `Model`
"""
