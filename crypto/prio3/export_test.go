package prio3

// NewWithNonce is New with a chosen nonce, for published vectors.
func NewWithNonce(p Params, context []byte, n [16]byte) (*Instance, error) {
	v, err := New(p, context)
	if err == nil {
		v.nonce = n
	}
	return v, err
}
