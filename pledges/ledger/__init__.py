"""What makes the event log tamper-evident: hash chains, Merkle roots and their verification."""
