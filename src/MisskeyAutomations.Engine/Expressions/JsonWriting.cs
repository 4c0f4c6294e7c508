using System.Text.Encodings.Web;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>How JSON is written to Misskey and into the store: raw UTF-8, as Misskey itself does.</summary>
public static class JsonWriting
{
    /// <summary>Compact; only what JSON demands is escaped.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
