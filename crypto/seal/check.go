package seal

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// plainRun is the length in bytes of a run of printable ASCII, or of one repeated byte, that no cipher
// produces: in the longest body a random run of printable characters has probability below 10^-9.
const plainRun = 32

// Check checks, without any key, that the parts have the shape of a sealed location. It returns ErrMalformed
// unless there are 1 to MaxRecipients stanzas with distinct key ids and encapsulated keys, each part has its
// exact length, and the body is a padded location within bounds. It returns ErrNotSealed if a part is plainly
// text or filler. It depends only on the bytes and its work is bounded by the limits, so a chain runs it in
// consensus.
//
// Bytes that pass need not be a ciphertext; random bytes pass, too. Only the recipients can know. Check
// protects an owner from publishing a location by mistake.
func Check(s Sealed) error {
	if len(s.Stanzas) == 0 || len(s.Stanzas) > MaxRecipients {
		return fmt.Errorf("%w: stanzas: expected 1 to %d, got %d", ErrMalformed, MaxRecipients, len(s.Stanzas))
	}
	if len(s.Commitment) != CommitmentSize {
		return fmt.Errorf("%w: commitment: expected %d bytes, got %d", ErrMalformed, CommitmentSize, len(s.Commitment))
	}
	if err := checkBody(s.Body); err != nil {
		return err
	}
	if looksPlain(s.Commitment) {
		return fmt.Errorf("%w: commitment: expected a hash, got text or filler", ErrNotSealed)
	}
	for i, st := range s.Stanzas {
		if err := checkStanza(st); err != nil {
			return fmt.Errorf("stanza %d: %w", i, err)
		}
		for j := range i {
			if bytes.Equal(st.KeyID, s.Stanzas[j].KeyID) || bytes.Equal(st.Enc, s.Stanzas[j].Enc) {
				return fmt.Errorf("%w: recipients: expected each once, got one in stanzas %d and %d", ErrMalformed, j, i)
			}
		}
	}
	return nil
}

func checkBody(body []byte) error {
	const least, most = PadBlock + tagSize, MaxBlocks*PadBlock + tagSize
	// A body that is text is reported as such at every length.
	if len(body) > 0 && len(body) <= most && looksPlain(body) {
		return fmt.Errorf("%w: body: expected a sealed location, got text or filler; seal it before it is sent", ErrNotSealed)
	}
	if len(body) < least || len(body) > most || (len(body)-tagSize)%PadBlock != 0 {
		return fmt.Errorf("%w: body: expected a multiple of %d plus %d from %d to %d bytes, got %d",
			ErrMalformed, PadBlock, tagSize, least, most, len(body))
	}
	return nil
}

func checkStanza(st Stanza) error {
	for _, part := range []struct {
		name string
		got  []byte
		want int
	}{
		{"key id", st.KeyID, KeyIDSize},
		{"encapsulated key", st.Enc, EncSize},
		{"ciphertext", st.Ciphertext, WrappedKeySize},
	} {
		if len(part.got) != part.want {
			return fmt.Errorf("%w: %s: expected %d bytes, got %d", ErrMalformed, part.name, part.want, len(part.got))
		}
	}
	if looksPlain(st.Enc) || looksPlain(st.Ciphertext) {
		return fmt.Errorf("%w: stanza: expected a sealed key, got text or filler", ErrNotSealed)
	}
	return nil
}

// looksPlain reports whether a part is text or filler: a run of plainRun printable ASCII characters or equal bytes; for parts
// of more than CommitmentSize bytes also valid UTF-8 as a whole (32 random bytes are valid too often).
func looksPlain(data []byte) bool {
	var printable, equal int
	for i, b := range data {
		if b >= 0x20 && b < 0x7f || b == '\n' || b == '\t' {
			printable++
		} else {
			printable = 0
		}
		if i > 0 && b == data[i-1] {
			equal++
		} else {
			equal = 1
		}
		if printable >= plainRun || equal >= plainRun {
			return true
		}
	}
	return len(data) != CommitmentSize && utf8.Valid(data)
}
