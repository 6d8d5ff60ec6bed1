package types

// OwnerMark names the round and attempt of a job to which an owner has contributed last; if valid is set, as one that is in its sum.
func (j Job) OwnerMark(valid bool) uint64 {
	mark := uint64(j.Round)<<32 | uint64(j.Attempt)<<1
	if valid {
		mark |= 1
	}
	return mark
}
