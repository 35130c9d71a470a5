"""The gateway: WebSocket connections and the events sent over them."""
