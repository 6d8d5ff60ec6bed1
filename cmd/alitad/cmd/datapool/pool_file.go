package datapool

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/client/trader"
)

const flagExample = "example"

func addExampleFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(flagExample, false, "print an example file and send nothing")
}

// printExample prints an example file; err is the error of reading the flag.
func printExample(cmd *cobra.Command, file string, err error) error {
	if err == nil {
		_, err = io.WriteString(cmd.OutOrStdout(), file)
	}
	return err
}

// readPoolFile reads a file, or the standard input for the name -.
func readPoolFile(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, trader.MaxPoolFile+1))
	if err == nil && len(data) > trader.MaxPoolFile {
		err = fmt.Errorf("%s: expected at most %d bytes, got more", name, trader.MaxPoolFile)
	}
	return data, err
}
