package metadata

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/metadata/types"
)

// NewAddVersionCmd adds a version to a record from a document and a local file.
func NewAddVersionCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add-version [record-id] [document.jsonld] --file DATA",
		Short: "Add a version to a record from a schema.org or Croissant document and a local file",
		Long: `Add a version to a record, as register does for the first one. The version must be greater than every earlier one
(SemVer); it is taken from the document or from --record-version.`,
		Example: "alitad tx metadata add-version 00112233445566778899aabbccddeeff record.jsonld --record-version 1.1.0 --file data.csv --from owner",
		Args:    cobra.ExactArgs(2),
		RunE:    runAddVersion,
	}
	addSessionFlags(cmd)
	return cmd
}

func runAddVersion(cmd *cobra.Command, args []string) error {
	id := args[0]
	if err := types.ValidateRecordID(id); err != nil {
		return err
	}
	s, err := newSession(cmd)
	if err != nil {
		return err
	}
	record, err := types.NewQueryClient(s.conn).Record(cmd.Context(), &types.QueryRecordRequest{RecordId: id})
	if err != nil {
		return fmt.Errorf("record %s: %s", id, tx.Plain(err))
	}
	draft, err := s.check(args[1], record.Record.PoolId)
	if err != nil {
		return err
	}
	msg, err := draft.NewVersion(s.clientCtx.ChainID, s.owner, id, s.workers)
	if err != nil {
		return err
	}
	return s.send(msg, id, draft, &types.MsgAddVersionResponse{})
}
