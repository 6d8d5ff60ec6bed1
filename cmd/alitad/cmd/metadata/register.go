package metadata

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client/flags"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/metadata/types"
)

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
		RunE: func(cmd *cobra.Command, args []string) error {
			pool, err := cmd.Flags().GetUint64(flagPool)
			if err != nil {
				return err
			}
			if pool == 0 {
				return errors.New("--pool is missing; give the number of the pool that is to list the record")
			}
			s, err := newSession(cmd)
			if err != nil {
				return err
			}
			if err := s.read(args[0], pool); err != nil {
				return err
			}
			salt := make([]byte, types.SaltSize)
			rand.Read(salt) // it never fails
			owner := s.clientCtx.GetFromAddress()
			id := types.RecordID(owner, salt)
			msg, err := s.registration(id, owner, salt, pool)
			if err != nil {
				return err
			}
			return s.send(msg, id, &types.MsgRegisterRecordResponse{})
		},
	}
	cmd.Flags().Uint64(flagPool, 0, "the pool that is to list the record")
	addSessionFlags(cmd)
	return cmd
}

// registration seals the location to the record that the message creates.
func (s *session) registration(id string, owner sdk.AccAddress, salt []byte, pool uint64) (*types.MsgRegisterRecord, error) {
	content, err := s.content(id, owner)
	if err != nil {
		return nil, err
	}
	return &types.MsgRegisterRecord{Owner: s.owner, Salt: salt, PoolId: pool, Content: content}, nil
}

// NewAddVersionCmd adds a version to a record from a document and a local file.
func NewAddVersionCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add-version [record-id] [document.jsonld] --file DATA",
		Short: "Add a version to a record from a schema.org or Croissant document and a local file",
		Long: `Add a version to a record, as register does for the first one. The version must be greater than every earlier one
(SemVer); it is taken from the document or from --record-version.`,
		Example: "alitad tx metadata add-version 00112233445566778899aabbccddeeff record.jsonld --record-version 1.1.0 --file data.csv --from owner",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := types.CheckRecordID(args[0]); err != nil {
				return err
			}
			s, err := newSession(cmd)
			if err != nil {
				return err
			}
			record, err := types.NewQueryClient(s.clientCtx).Record(cmd.Context(), &types.QueryRecordRequest{RecordId: args[0]})
			if err != nil {
				return fmt.Errorf("record %s: %s", args[0], tx.Plain(err))
			}
			if err := s.read(args[1], record.Record.PoolId); err != nil {
				return err
			}
			content, err := s.content(args[0], s.clientCtx.GetFromAddress())
			if err != nil {
				return err
			}
			msg := &types.MsgAddVersion{Owner: s.owner, RecordId: args[0], Content: content}
			return s.send(msg, args[0], &types.MsgAddVersionResponse{})
		},
	}
	addSessionFlags(cmd)
	return cmd
}

func addSessionFlags(cmd *cobra.Command) {
	addDocumentFlags(cmd.Flags())
	cmd.Flags().StringArray(flagWorker, nil, "a worker that is to read the file; by default all of the owner's; can be repeated")
	flags.AddTxFlagsToCmd(cmd)
	// The answer is for people unless --output json asks for the other.
	if output := cmd.Flags().Lookup(flags.FlagOutput); output != nil {
		output.DefValue = flags.OutputFormatText
		_ = output.Value.Set(flags.OutputFormatText)
	}
	_ = cmd.MarkFlagRequired(flagFile)
}
