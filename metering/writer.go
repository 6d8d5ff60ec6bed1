package metering

import "encoding/binary"

// appendU appends an unsigned LEB128 number.
func appendU(out []byte, v uint64) []byte { return binary.AppendUvarint(out, v) }

// appendS appends a signed LEB128 number.
func appendS(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if (v == 0 && b&0x40 == 0) || (v == -1 && b&0x40 != 0) {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
