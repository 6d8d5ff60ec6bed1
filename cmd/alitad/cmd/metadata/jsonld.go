package metadata

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

const flagProfile = "profile"

// NewJSONLDCmd prints the document of a record, byte for byte.
func NewJSONLDCmd() *cobra.Command {
	profiles := strings.Join(jsonld.Profiles(), ", ")
	cmd := &cobra.Command{
		Use:     "jsonld [record-id]",
		Short:   "Print the JSON-LD document of a record, generated from the state",
		Example: "alitad query metadata jsonld 00112233445566778899aabbccddeeff --profile croissant",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			clientCtx, err := client.GetClientQueryContext(cmd)
			if err != nil {
				return err
			}
			profile, err := cmd.Flags().GetString(flagProfile)
			if err != nil {
				return err
			}
			version, err := cmd.Flags().GetString(flagVersion)
			if err != nil {
				return err
			}
			res, err := types.NewQueryClient(clientCtx).JSONLD(cmd.Context(), &types.QueryJSONLDRequest{
				RecordId: args[0], Version: version, Profile: profile,
			})
			if err != nil {
				return errors.New(tx.Plain(err))
			}
			return clientCtx.PrintString(res.Document)
		},
	}
	cmd.Flags().String(flagProfile, jsonld.ProfileSchemaOrg, "one of "+profiles)
	cmd.Flags().String(flagVersion, "", "the version; by default the one that is computed on, or the newest if none is admitted")
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}
