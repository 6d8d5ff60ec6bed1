package source

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// packedPadding allows reads and writes of eight bytes at the last value, which may have fewer: none, if all values are zero.
const packedPadding = 8

// pack writes a batch in few bytes. For each column it writes the number of bytes of its largest value, from 0; 1 if cells are missing,
// else 0; if cells are missing, a bit for each row, 1 for a cell that is present; and the values.
func pack(b *Batch) []byte {
	size := packedPadding
	for i := range b.Values {
		size += 2 + b.Rows*width(b.Values[i])
		if missing(b.Valid[i]) {
			size += (b.Rows + 7) / 8
		}
	}
	out, at := make([]byte, size), 0
	for i, values := range b.Values {
		w := width(values)
		out[at] = byte(w)
		at += 2
		if missing(b.Valid[i]) {
			out[at-1] = 1
			for j, v := range b.Valid[i] {
				out[at+j/8] |= v << (j % 8)
			}
			at += (b.Rows + 7) / 8
		}
		for _, v := range values {
			binary.LittleEndian.PutUint64(out[at:], uint64(v)) // the next value overwrites the bytes beyond w
			at += w
		}
	}
	return out
}

// width is how many bytes the largest value needs.
func width(values []int64) int {
	var all uint64
	for _, v := range values {
		all |= uint64(v)
	}
	return (bits.Len64(all) + 7) / 8
}

func missing(valid []byte) bool {
	all := byte(1)
	for _, v := range valid {
		all &= v
	}
	return all == 0
}

// unpack reads rows that pack has written, into the columns of a batch.
func unpack(in []byte, rows int, b Batch) {
	at := 0
	for i := range b.Values {
		w, mask := int(in[at]), uint64(1)<<(8*in[at])-1
		bitmap := in[at+1] == 1
		at += 2
		if valid := b.Valid[i][:rows]; bitmap {
			for j := range valid {
				valid[j] = in[at+j/8] >> (j % 8) & 1
			}
			at += (rows + 7) / 8
		} else {
			for j := range valid {
				valid[j] = 1
			}
		}
		values := b.Values[i][:rows]
		for j := range values {
			values[j] = int64(binary.LittleEndian.Uint64(in[at:]) & mask)
			at += w
		}
	}
}

// packed is the Reader of batches that were packed.
type packed struct {
	blocks [][]byte
	rows   uint64 // that are left
	batch  Batch
}

func (p *packed) Next() (*Batch, error) {
	if p.rows == 0 {
		return nil, io.EOF
	}
	n := int(min(p.rows, BatchRows))
	unpack(p.blocks[0], n, p.batch)
	p.blocks, p.rows = p.blocks[1:], p.rows-uint64(n)
	return p.batch.cut(n), nil
}

func (p *packed) Finish() error { return nil }

func (p *packed) Close() error { return nil }
