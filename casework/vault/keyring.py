"""The epoch keys that a member holds, and the case keys that these open."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from uuid import UUID

from casework.errors import Tampered, UnknownKey
from casework.vault.audit import MacKey
from casework.vault.casekey import CASE_KEY_FIELDS, CaseKey
from casework.vault.envelope import Cipher, open_at, place, read_epoch
from casework.vault.fields import Compartment, Field, Under, require_under
from casework.vault.labels import KEY_BYTES, Label, derive, u32

__all__ = ["CaseKey", "Keyring", "SealedRow"]

SealedRow = tuple[UUID, int, bytes]
"""Row id, version, envelope."""


class Keyring:
    """Seals under the newest epoch, opens under every epoch it holds; its repr shows only which."""

    def __init__(
        self, keys: Mapping[tuple[Compartment, int], bytes], write_epochs: Mapping[Compartment, int]
    ) -> None:
        """Take opened epoch keys, and the roster's write epoch of each compartment."""
        self._keys = MappingProxyType(dict(keys))
        self._write_epochs = MappingProxyType(dict(write_epochs))
        self._ciphers: dict[tuple[Field, int], Cipher] = {}

    def __repr__(self) -> str:
        """Show which epochs are held."""
        held = ", ".join(f"{compartment} {epoch}" for compartment, epoch in sorted(self._keys))
        return f"Keyring({held})"

    def holds(self, compartment: Compartment) -> bool:
        """Whether this keyring can write to the compartment."""
        return (compartment, self._write_epochs.get(compartment)) in self._keys

    def write_epoch(self, compartment: Compartment) -> int:
        """Return the epoch that new writes lie under; UnknownKey if it is not held."""
        epoch = self._write_epochs.get(compartment)
        if epoch is None or (compartment, epoch) not in self._keys:
            raise UnknownKey(f"no key to write to {compartment}")
        return epoch

    def epoch_keys(self) -> Iterator[tuple[tuple[Compartment, int], bytes]]:
        """Yield every epoch key held, to be sealed to a member who is admitted."""
        yield from sorted(self._keys.items())

    def with_epochs(self, keys: Mapping[tuple[Compartment, int], bytes]) -> "Keyring":
        """Return a keyring that holds these keys too, and writes under theirs where they are newer."""
        epochs = dict(self._write_epochs)
        for compartment, epoch in keys:
            epochs[compartment] = max(epoch, epochs.get(compartment, 0))
        return Keyring({**self._keys, **keys}, epochs)

    def get_epoch_key(self, compartment: Compartment, epoch: int) -> bytes:
        """Return one epoch key, to be sealed to recovery or to a member; UnknownKey if it is not held."""
        return self._key(compartment, epoch)

    def _key(self, compartment: Compartment, epoch: int) -> bytes:
        try:
            return self._keys[compartment, epoch]
        except KeyError:
            raise UnknownKey(f"no key for {compartment} epoch {epoch}") from None

    def _cipher(self, field: Field, epoch: int) -> Cipher:
        cipher = self._ciphers.get((field, epoch))
        if cipher is None:
            require_under(field, Under.COMPARTMENT)
            assert field.compartment is not None  # noqa: S101 - so are all that lie under a compartment
            key = self._key(field.compartment, epoch)
            cipher = Cipher(derive(key, Label.FIELD_KEY, field.id.encode("ascii"), u32(epoch)))
            self._ciphers[field, epoch] = cipher
        return cipher

    def seal(self, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
        """Seal under the write epoch; UnknownKey if it is not held."""
        require_under(field, Under.COMPARTMENT)
        assert field.compartment is not None  # noqa: S101 - so are all that lie under a compartment
        epoch = self.write_epoch(field.compartment)
        return self._cipher(field, epoch).seal(epoch, field, row, version, plain)

    def open(self, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
        """Open under the epoch that the header names; UnknownKey if it is not held, else Tampered."""
        epoch = read_epoch(sealed)
        return self._cipher(field, epoch).open(epoch, field, row, version, sealed)

    def open_many(self, field: Field, rows: Iterable[SealedRow]) -> Iterator[bytes]:
        """Yield what each row holds, in order; raises as `open` does at the first row that fails.

        A header is parsed and its key looked up once for all rows that share it.
        """
        opened: bytes | None = None
        for row, version, sealed in rows:
            if sealed[:6] != opened:
                epoch = read_epoch(sealed)
                decrypt, prefix = self._cipher(field, epoch).decrypt, place(epoch, field)
                opened = sealed[:6]
            yield open_at(decrypt, prefix, field, row, version, sealed)

    def partition(self, compartment: Compartment) -> bytes:
        """Return 32 bytes that name a cache partition; only holders of the write epoch can compute them."""
        key = self._key(compartment, self.write_epoch(compartment))
        return derive(key, Label.CACHE_PARTITION, compartment.encode("ascii"))

    def derive(self, compartment: Compartment, label: bytes, epoch: int | None = None) -> bytes:
        """Return a subkey for MACs, under the write epoch unless one is named.

        Name epoch 1 for what has to stay comparable over rotations, such as the keys of imported rows.
        """
        key = self._key(compartment, self.write_epoch(compartment) if epoch is None else epoch)
        return derive(key, Label.COMPARTMENT_SUBKEY, compartment.encode("ascii"), label)

    def audit_mac_key(self, epoch: int | None = None) -> MacKey:
        """Return the key under which members authenticate audit entries: a subkey of `shared`."""
        named = self.write_epoch(Compartment.SHARED) if epoch is None else epoch
        return MacKey(named, derive(self._key(Compartment.SHARED, named), Label.AUDIT_MAC))

    def new_case_key(
        self, case_id: UUID, compartment: Compartment, generation: int = 1
    ) -> tuple[CaseKey, bytes]:
        """Make a random key for a case in IDENTITY or NARRATIVE; return it, and wrapped for storing."""
        case_key = CaseKey.generate(case_id, compartment, generation)
        return case_key, self.wrap_case_key(case_key)

    def wrap_case_key(self, case_key: CaseKey) -> bytes:
        """Seal a case key under the write epoch of its compartment."""
        field = CASE_KEY_FIELDS[case_key.compartment]
        return self.seal(field, case_key.case_id, case_key.generation, case_key.key)

    def open_case_key(
        self, case_id: UUID, compartment: Compartment, generation: int, wrapped: bytes
    ) -> CaseKey:
        """Open a wrapped case key; Tampered unless it is of this case, compartment and generation."""
        key = self.open(CASE_KEY_FIELDS[compartment], case_id, generation, wrapped)
        if len(key) != KEY_BYTES:
            raise Tampered("a case key has 32 bytes")
        return CaseKey(case_id, compartment, generation, key)
