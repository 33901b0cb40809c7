"""The pure core: typed events and the machines that fold them. No I/O, clock, thread or chance."""
