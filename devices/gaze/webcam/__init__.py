"""devices.gaze.webcam: a camera's pictures become `FaceSample`. OpenCV and MediaPipe stay in its child process."""

from devices.gaze.webcam.cameras import Camera, cameras
from devices.gaze.webcam.driver import WebcamDriver
from devices.gaze.webcam.messages import Preview

__all__ = ["Camera", "Preview", "WebcamDriver", "cameras"]
