"""Text to speech: adapters, a worker process for pyttsx3, and the factory that picks one."""
