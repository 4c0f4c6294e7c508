FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src src
COPY rules rules
COPY docs docs
COPY recipes recipes
RUN dotnet publish src/MisskeyAutomations --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /automations
RUN mkdir -m 0700 data && mkdir rules && chown $APP_UID:$APP_UID data
COPY --from=build /app /app
COPY --from=build /source/rules rules
USER $APP_UID
EXPOSE 8080
# A stop may take up to ten seconds: `docker stop --time 15`.
ENTRYPOINT ["dotnet", "/app/MisskeyAutomations.dll"]
CMD ["run", "--urls", "http://0.0.0.0:8080"]
