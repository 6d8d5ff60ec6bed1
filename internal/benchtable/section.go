// Package benchtable writes tables of measurements into a page of documentation.
package benchtable

import (
	"fmt"
	"os"
	"strings"
)

// Replace puts text between the lines <!-- begin section --> and <!-- end section -->
// of a file. It fails if the file does not have both, in order.
func Replace(file, section, text string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	begin, end := fmt.Sprintf("<!-- begin %s -->\n", section), fmt.Sprintf("<!-- end %s -->", section)
	before, rest, ok := strings.Cut(string(content), begin)
	if !ok {
		return fmt.Errorf("%s: expected the line %q, got none", file, strings.TrimSpace(begin))
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return fmt.Errorf("%s: expected %q after the section's begin, got none", file, end)
	}
	//nolint:gosec // the developer names the page to write into
	return os.WriteFile(file, []byte(before+begin+"\n"+strings.TrimSpace(text)+"\n\n"+end+after), 0o600) // of a file that is there the mode stays
}
