"""EnrolmentRequest (section 8.3)."""

from dataclasses import dataclass

from ..enums import MessageType
from .header import Header
from .reader import Reader, whole


@dataclass
class EnrolmentRequest:
    header: Header
    modulus: bytes
    verify_key: bytes
    nonce: bytes
    mac: bytes = b""
    signature: bytes = b""

    @staticmethod
    def read(reader: Reader) -> "EnrolmentRequest":
        header = Header.read(reader, MessageType.enrolment_request, no_epoch=True)
        modulus = reader.opaque(256)
        verify_key = reader.opaque(32)
        nonce = reader.opaque(32)
        mac = reader.opaque(32)
        signature = reader.opaque(64)
        return EnrolmentRequest(header, modulus, verify_key, nonce, mac, signature)

    @staticmethod
    def parse(data: bytes) -> "EnrolmentRequest":
        return whole(EnrolmentRequest.read, data)

    def before_mac(self) -> bytes:
        """Bytes 0..344, which the MAC covers."""
        return self.header.write() + self.modulus + self.verify_key + self.nonce

    def unsigned(self) -> bytes:
        return self.before_mac() + self.mac

    def write(self) -> bytes:
        return self.unsigned() + self.signature
