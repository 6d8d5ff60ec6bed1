package main

import (
	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/seat"
)

func newSeatCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "seat",
		Short: "A validator's seat in secure sums",
		Long: `A seat is a validator's part in secure sums: it gets a share of what each owner contributes, which tells nothing by
itself, judges it without reading it, and opens the sum of its shares. It is drawn for jobs by the validator's stake, and
loses a part of its bond if it is silent.

seat.journal in its folder holds the keys of its open jobs, under seat.key, and what it has answered, so that it never answers
in two ways. A job's key is random and is erased when the job has been over for 100 blocks. Neither copy the journal nor put an
older one in its place, and run a key file on one machine only.

Begin with "alita-worker seat init", then have the validator's operator run the commands that it prints.`,
	}
	cmd.AddCommand(newSeatInitCommand(o), newSeatCheckCommand(o), newSeatRunCommand(o), newTrustCommand(func() trustedHome { return o.seat() }))
	return cmd
}

func (o *options) seat() seat.Home { return seat.Home(o.home) }
