"""Sessions on real PortAudio, through a virtual microphone and loudspeaker."""
