package worker

import "github.com/alita-network/alita/node/chain"

// AddNoise is what sharing does to a vector first.
func (c *Computer) AddNoise(job chain.Job, program chain.Program, e Entry, owner []byte, vector []uint64) ([]uint64, error) {
	return c.addNoise(job, program, e, owner, vector)
}
