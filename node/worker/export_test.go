package worker

import (
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
)

// AddNoise is what sharing does to a vector first.
func (c *Computer) AddNoise(job chain.Job, program chain.Program, of securesum.Contribution, rows uint64, vector []uint64) ([]uint64, error) {
	return c.addNoise(job, program, of, rows, vector)
}

// ForgetColumns is what a block does about columns that are kept.
var ForgetColumns = forgetColumns
