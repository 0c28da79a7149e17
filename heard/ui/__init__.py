"""The pages of the app: thin over the core, and the only place that knows Streamlit."""
