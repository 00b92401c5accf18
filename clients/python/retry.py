"""What gRPC tries again by itself, given as options=OPTIONS to a channel.

The policy is that of clients/cpp/lagnet/retry.cc, for the same reasons.
"""
import json

OPTIONS = [
    ("grpc.enable_retries", 1),
    ("grpc.service_config", json.dumps({
        "methodConfig": [{
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
            },
        }],
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1},
    })),
]
