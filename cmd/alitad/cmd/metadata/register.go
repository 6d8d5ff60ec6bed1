package metadata

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/x/metadata/types"
)

const flagPool = "pool"

// NewRegisterCmd registers a record from a document and a local file.
func NewRegisterCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "register [document.jsonld] --pool ID --file DATA",
		Short: "Register a record from a schema.org or Croissant document and a local file",
		Long: `Map a document to a record, list by JSON path what the record cannot carry, commit to the rows of the local file,
seal the file's location to the owner's workers, and register the record in a pool. The file and its location never
leave this machine: the chain sees column names and types, the number of rows, salted commitments and a ciphertext.

A flag takes the place of what the document says or lacks.`,
		Example: "alitad tx metadata register record.jsonld --pool 1 --file data.csv --license CC-BY-4.0 --from owner",
		Args:    cobra.ExactArgs(1),
		RunE:    runRegister,
	}
	cmd.Flags().Uint64(flagPool, 0, "the pool that is to list the record")
	addSessionFlags(cmd)
	return cmd
}

func runRegister(cmd *cobra.Command, args []string) error {
	pool, err := cmd.Flags().GetUint64(flagPool)
	if err != nil {
		return err
	}
	if pool == 0 {
		return fmt.Errorf("--%s: expected the number of the pool that is to list the record, got none", flagPool)
	}
	s, err := newSession(cmd)
	if err != nil {
		return err
	}
	draft, err := s.check(args[0], pool)
	if err != nil {
		return err
	}
	id, msg, err := draft.Registration(s.clientCtx.ChainID, s.owner, pool, s.workers)
	if err != nil {
		return err
	}
	return s.send(msg, id, draft, &types.MsgRegisterRecordResponse{})
}
