"""The pages of the app: thin over the core, and the only place that knows Streamlit.

The core is imported as a whole before any page: two pages opened at once import from two threads.
"""

import research  # noqa: F401  # for its own sake
